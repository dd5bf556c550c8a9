/** Sends bytes as they are: HTTP clients tidy addresses and lengths before they go out. */
import { connect } from "node:net";

const PATIENCE_MS = 5_000;

/** @returns what came back until the server closed, or fell silent. */
export function rawRequest(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes, "latin1"));
    socket.setEncoding("latin1").setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on("data", (text: string) => {
      answer += text;
    });
    socket.on("error", reject).on("close", () => resolve(answer));
  });
}
