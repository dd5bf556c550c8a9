/**
 * Refuses passwords that a guesser tries first. A common word, one leaked password, a year, a part of the owner's address and a
 * run such as `4567` or `qwer` count as one character each; what is left must still have enough different ones.
 * Source of the approach: NIST SP 800-63B §3.1.1.2 (length and a blocklist, no composition rules). Pure but for the list of
 * leaked passwords, which is unpacked when it is first asked for: every isolate pays for what it loads at its start.
 */

export const PASSWORD_LENGTH_MIN = 10;
export const PASSWORD_LENGTH_MAX = 200;

/** Different characters that must remain after everything predictable is folded. */
const DISTINCT_CHARACTERS_MIN = 6;
/** Shorter parts of an address occur in good passwords by chance; so do shorter ones of many thousand leaked passwords. */
const OWN_WORD_LENGTH_MIN = 4;
const LEAKED_LENGTH_MIN = 5;
const RUN_LENGTH_MIN = 3;

/** Ours: what people of several languages reach for first. Each is folded wherever it stands, a leaked password only once. */
const COMMON_WORDS = `
  password passwort passphrase passcode passw0rd qwerty azerty letmein welcome iloveyou sunshine princess football
  baseball basketball superman batman spiderman dragon monkey master shadow secret changeme default administrator admin
  login guest root access trustno1 starwars pokemon pikachu minecraft fortnite naruto whatever computer internet samsung
  google facebook killer hunter ranger soccer hockey mustang freedom flower lovely forever friends family angel lucky
  happy ninja matrix hello chocolate cookie banana orange purple summer winter spring autumn monday tuesday wednesday
  thursday friday saturday sunday january february march april june july august september october november december
  michael jennifer jordan charlie ashley jessica thomas daniel andrew joshua matthew robert liverpool chelsea arsenal
  barcelona hallo geheim schatz motdepasse bonjour soleil contrasena wachtwoord senha parola london holdfast
`
  .trim()
  .split(/\s+/);

/** Alphabet, digits, keyboard rows, columns and zigzags, read in both directions. No character twice in one of them. */
const SEQUENCES = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "qwertzuiop",
  "azertyuiop",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
  "zaq1xsw2cde3vfr4bgt5nhy6mju7ki8lo9p0",
  "1q2w3e4r5t6y7u8i9o0p",
  "qazwsxedcrfvtgbyhnujmikolp",
  "147258369",
].flatMap((row) => [row, [...row].reverse().join("")]);

/** Of somebody's birth, wedding or last reset. */
const YEAR = /19[4-9]\d|20[0-3]\d/g;

const LEET: Readonly<Record<string, string>> = { "0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", $: "s" };

const TOO_EASY = "is too easy to guess: avoid common words, your e-mail address, repetitions and runs such as 1234";
const ALL_DIGITS = "is too easy to guess: dates, telephone numbers and other digits are tried first";
const LEAKED = "is too close to a password that is on lists of leaked ones: choose another";

/** @returns what is wrong with the password, for the person who chose it; undefined when it will do. */
export async function findPasswordWeakness(password: string, emailNormalized: string): Promise<string | undefined> {
  const text = password.normalize("NFKC").toLowerCase();
  if (/^[\d\s./-]+$/.test(text)) return ALL_DIGITS;
  const words = [...ownWords(emailNormalized), ...COMMON_WORDS];
  if (isPredictable(text, words)) return TOO_EASY;
  for (const leaked of await leakedPasswordsIn(text)) {
    if (isPredictable(foldWords(text, [leaked]), words)) return LEAKED;
  }
  return undefined;
}

function isPredictable(text: string, words: readonly string[]): boolean {
  const folded = foldRuns(foldWords(text.replace(YEAR, "\u0001"), words));
  return new Set(folded).size < DISTINCT_CHARACTERS_MIN;
}

function ownWords(emailNormalized: string): string[] {
  const [localPart = "", domain = ""] = emailNormalized.split("@");
  return [emailNormalized, localPart, ...localPart.split(/[.+_-]/), domain, domain.split(".")[0] ?? ""].filter(
    (word) => word.length >= OWN_WORD_LENGTH_MIN,
  );
}

/** Those that the text contains, also in l33t spelling. */
async function leakedPasswordsIn(text: string): Promise<ReadonlySet<string>> {
  leakedPasswords ??= await loadLeakedPasswords();
  const { words, lengthMax } = leakedPasswords;
  const unleeted = unleet(text);
  const found = new Set<string>();
  for (let at = 0; at < unleeted.length; at++) {
    const end = Math.min(unleeted.length, at + lengthMax);
    for (let to = at + LEAKED_LENGTH_MIN; to <= end; to++) {
      const word = unleeted.slice(at, to);
      if (words.has(word)) found.add(word);
    }
  }
  return found;
}

interface LeakedPasswords {
  readonly words: ReadonlySet<string>;
  readonly lengthMax: number;
}

let leakedPasswords: LeakedPasswords | undefined;

/** Some 49,000, the most frequent of published leaks. About 25 ms and 5 MB. */
async function loadLeakedPasswords(): Promise<LeakedPasswords> {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  const words = new Set(dictionary["passwords-common"].map(unleet));
  const lengthMax = [...words].reduce((longest, { length }) => Math.max(longest, length), 0);
  return { words, lengthMax };
}

/** Each known word, also in l33t spelling, becomes one character. Works on UTF-16 units, as `indexOf` does. */
function foldWords(text: string, words: readonly string[]): string {
  let unleeted = unleet(text);
  let folded = text;
  for (const word of [...words].sort((a, b) => b.length - a.length)) {
    const target = unleet(word);
    for (let at = unleeted.indexOf(target); at >= 0; at = unleeted.indexOf(target)) {
      unleeted = `${unleeted.slice(0, at)}\0${unleeted.slice(at + target.length)}`;
      folded = `${folded.slice(0, at)}\0${folded.slice(at + target.length)}`;
    }
  }
  return folded;
}

/** As long as the text. */
function unleet(text: string): string {
  return text.replace(/[013457@$]/g, (character) => LEET[character] ?? character);
}

/** `aaa`, `4567` and `poiu` become their first character. */
function foldRuns(text: string): string {
  let folded = "";
  for (let at = 0; at < text.length; ) {
    const length = Math.max(repeatLength(text, at), sequenceLength(text, at));
    folded += text.charAt(at);
    at += length >= RUN_LENGTH_MIN ? length : 1;
  }
  return folded;
}

function repeatLength(text: string, at: number): number {
  let length = 1;
  while (text.charAt(at + length) === text.charAt(at) && at + length < text.length) length++;
  return length;
}

function sequenceLength(text: string, at: number): number {
  let longest = 1;
  for (const sequence of SEQUENCES) {
    const from = sequence.indexOf(text.charAt(at));
    if (from < 0) continue;
    let length = 1;
    while (at + length < text.length && sequence.charAt(from + length) === text.charAt(at + length)) length++;
    longest = Math.max(longest, length);
  }
  return longest;
}
