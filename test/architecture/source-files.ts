/** The sources that run in production, and what each of them imports. Reads the file system. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";
import { ROOT } from "../../scripts/workers.ts";

export interface SourceImport {
  /** As written. */
  readonly specifier: string;
  /** Path from the root, for relative imports; null for packages. */
  readonly path: string | null;
}

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export function readSources(folders: readonly string[]): SourceFile[] {
  const patterns = folders.map((folder) => `${folder}/**/*.{ts,tsx}`);
  return globSync(patterns, { cwd: ROOT })
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** Static, type-only, re-exporting and dynamic imports alike. */
export function importsOf(file: SourceFile): SourceImport[] {
  return ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName: specifier }) => ({
    specifier,
    path: specifier.startsWith(".") ? posix.join(dirname(file.path), specifier) : null,
  }));
}

/** Every class member that is marked `private` or `protected` in TypeScript only. */
export function softlyPrivateMembers(file: SourceFile): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  function visit(node: ts.Node): void {
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    const soft = modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword);
    if (soft) found.push(node.getText(source).split("\n")[0] ?? "");
    ts.forEachChild(node, visit);
  }
  visit(source);
  return found;
}
