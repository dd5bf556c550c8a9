/**
 * What a shopper sees in place of a page when the shop is asked for more than it can do, or than one network may ask: small,
 * without a script or a picture, because nobody may be asked for more. A page that was only looked at comes by itself. Pure.
 */
type Language = "en" | "de" | "ja";
type Reason = "overloaded" | "rate_limited";

interface ReasonTexts {
  readonly title: string;
  readonly lead: string;
}

interface PageTexts extends Readonly<Record<Reason, ReasonTexts>> {
  readonly waits: (seconds: number) => string;
  readonly again: string;
}

const STATUS: Readonly<Record<Reason, number>> = { overloaded: 503, rate_limited: 429 };

const TEXTS: Readonly<Record<Language, PageTexts>> = {
  en: {
    overloaded: {
      title: "One moment, please",
      lead: "So many people are in the shop that this page has to wait. Your cart is safe, and nothing was ordered.",
    },
    rate_limited: {
      title: "A little slower, please",
      lead: "From where you are, more was asked of the shop than it answers in a minute. Your cart is safe, and nothing was ordered.",
    },
    waits: (seconds) => `The page comes by itself in ${seconds} seconds.`,
    again: "Go back, wait a few seconds, and try again.",
  },
  de: {
    overloaded: {
      title: "Einen Moment, bitte",
      lead: "Gerade sind so viele Menschen im Laden, dass diese Seite warten muss. Ihr Warenkorb ist sicher, und nichts wurde bestellt.",
    },
    rate_limited: {
      title: "Bitte etwas langsamer",
      lead: "Von Ihrem Anschluss kamen mehr Anfragen, als der Laden in einer Minute beantwortet. Ihr Warenkorb ist sicher, und nichts wurde bestellt.",
    },
    waits: (seconds) => `Die Seite kommt in ${seconds} Sekunden von selbst.`,
    again: "Gehen Sie zurück, warten Sie ein paar Sekunden, und versuchen Sie es noch einmal.",
  },
  ja: {
    overloaded: {
      title: "少々お待ちください",
      lead: "ただいま大変混み合っているため、このページを表示できません。カートの中身は保存されており、注文は行われていません。",
    },
    rate_limited: {
      title: "少し時間をおいてください",
      lead: "お使いの回線からのアクセスが1分間の上限を超えました。カートの中身は保存されており、注文は行われていません。",
    },
    waits: (seconds) => `${seconds}秒後に自動的に表示されます。`,
    again: "前のページに戻り、数秒待ってからもう一度お試しください。",
  },
};

const STYLE =
  "body{font:1.125rem/1.6 system-ui,sans-serif;max-width:34rem;margin:20vh auto 0;padding:0 1.5rem;color-scheme:light dark}";

export function waitPage(reason: Reason, method: string, path: string, retryAfterSeconds: number): Response {
  const language = languageOf(path);
  const { [reason]: texts, waits, again } = TEXTS[language];
  const { title, lead } = texts;
  const safe = method === "GET" || method === "HEAD";
  const refresh = safe ? `<meta http-equiv="refresh" content="${retryAfterSeconds}">` : "";
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${refresh}<title>${title}</title>
<style>${STYLE}</style></head>
<body><main><h1>${title}</h1><p>${lead}</p><p>${safe ? waits(retryAfterSeconds) : again}</p></main></body></html>
`;
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "retry-after": String(retryAfterSeconds),
  };
  return new Response(method === "HEAD" ? null : html, { status: STATUS[reason], headers });
}

function languageOf(path: string): Language {
  const prefix = /^\/(de|ja)(?:\/|$)/.exec(path)?.[1];
  return prefix === "de" || prefix === "ja" ? prefix : "en";
}
