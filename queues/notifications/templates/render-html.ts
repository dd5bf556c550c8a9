/** JSX to the text of a document. Templates hold nothing asynchronous. */
import type { JSX } from "hono/jsx/jsx-runtime";

export function renderHtml(document: JSX.Element): string {
  return `<!doctype html>${document.toString()}`;
}
