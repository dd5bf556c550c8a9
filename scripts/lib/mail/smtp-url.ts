/** Reads `SMTP_URL`; says what is wrong with a bad one without repeating it, because it holds a password. Pure. */

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /**
   * How the connection is encrypted: from its first byte, by STARTTLS (and not at all without), or not, which only a server
   * on this machine may ask for.
   */
  readonly encryption: "tls" | "starttls" | "none";
  readonly login: { readonly user: string; readonly password: string } | null;
}

const FORM = "smtp://USER:PASSWORD@HOST:PORT (STARTTLS) or smtps://… (TLS)";
/** https://www.rfc-editor.org/rfc/rfc8314#section-3.3 */
const PORTS = { "smtp:": 587, "smtps:": 465 } as const;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** @throws a message for the person who set it */
export function readSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined)
    throw new Error(`SMTP_URL is no address. It looks like ${FORM}; write @ : / ? # % in a password as %40 …`);
  const { protocol } = url;
  if (protocol !== "smtp:" && protocol !== "smtps:") throw new Error(`SMTP_URL must look like ${FORM}.`);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (host === "") throw new Error(`SMTP_URL names no host. It looks like ${FORM}.`);
  if (!["", "/"].includes(url.pathname) || url.search !== "" || url.hash !== "")
    throw new Error(`SMTP_URL ends after the port. It looks like ${FORM}; write @ : / ? # % in a password as %40 …`);
  if ((url.username === "") !== (url.password === "")) throw new Error("SMTP_URL needs a user and a password, or neither.");
  return {
    host,
    port: url.port === "" ? PORTS[protocol] : Number(url.port),
    encryption: protocol === "smtps:" ? "tls" : LOOPBACK.test(host) ? "none" : "starttls",
    login: url.username === "" ? null : { user: decoded(url.username), password: decoded(url.password) },
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error("SMTP_URL has a % that stands for nothing: write it as %25.");
  }
}
