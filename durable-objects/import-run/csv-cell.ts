/**
 * Writing CSV cells, and the escape that keeps a spreadsheet from running one. The escape is a bijection: what
 * `protectCell` adds, `unprotectCell` takes away, so an export imports as what it was. Pure.
 * Source: https://owasp.org/www-community/attacks/CSV_Injection
 */

/** Zero or more apostrophes before a character that starts a formula. */
const PROTECTABLE = /^'*[=+\-@\t\r]/;
const PROTECTED = /^'+[=+\-@\t\r]/;

export function protectCell(text: string): string {
  return PROTECTABLE.test(text) ? `'${text}` : text;
}

export function unprotectCell(text: string): string {
  return PROTECTED.test(text) ? text.slice(1) : text;
}

/**
 * Would a spreadsheet run it? `=`, `@`, TAB and CR always start a formula. `+` and `-` also start phone numbers, sizes and
 * temperatures, so there it takes an operator or a call as well.
 */
export function isFormula(text: string): boolean {
  return /^[=@\t\r]/.test(text) || /^[+-].*[=(!|]/s.test(text);
}

/** One line with its CRLF, quoted only where RFC 4180 asks for it. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoteCell).join(",")}\r\n`;
}

function quoteCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
