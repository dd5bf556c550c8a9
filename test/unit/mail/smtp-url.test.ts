import { describe, expect, it } from "vitest";
import { readSmtpUrl } from "../../../scripts/lib/mail/smtp-url.ts";

const PASSWORD = "hunter2secret";

describe("SMTP_URL", () => {
  it.each([
    ["smtp://mail.example", { host: "mail.example", port: 587, encryption: "starttls", login: null }],
    ["smtps://mail.example/", { host: "mail.example", port: 465, encryption: "tls", login: null }],
    ["smtp://localhost:25", { host: "localhost", port: 25, encryption: "none", login: null }],
    ["smtp://[::1]:2525", { host: "::1", port: 2525, encryption: "none", login: null }],
    ["smtp://127.0.0.1.evil.example", { host: "127.0.0.1.evil.example", port: 587, encryption: "starttls", login: null }],
    ["smtps://a%40b:p%3A%2F%25@mail.example:2465", { port: 2465, login: { user: "a@b", password: "p:/%" } }],
  ])("%s names a server", (text, server) => {
    expect(readSmtpUrl(text)).toMatchObject(server);
  });

  it.each([
    "mail.example",
    `https://shop:${PASSWORD}@mail.example`,
    `smtp://shop:${PASSWORD}#1@mail.example`,
    `smtp://shop:${PASSWORD}@mail.example/path`,
    `smtp://shop:${PASSWORD}@mail.example?tls.rejectUnauthorized=false`,
    `smtp://shop:${PASSWORD}%@mail.example`,
    `smtp://:${PASSWORD}@mail.example`,
    "smtp://shop@mail.example",
    `smtp://shop:${PASSWORD}@mail.example:99999`,
    "smtp://",
  ])("%s is refused, and its password not repeated", (text) => {
    let message = "";
    try {
      readSmtpUrl(text);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/SMTP_URL/);
    expect(message).not.toContain(PASSWORD);
  });
});
