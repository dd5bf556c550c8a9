/** Which vitest project runs a test file, by its folder. Pure. */

/** By folder of `test/faults/`. */
export const FAULT_PROJECTS: Readonly<Record<string, string>> = {
  pure: "faults",
  shop: "faults-shop",
  served: "faults-served",
  load: "faults-load",
};

/** @param file from the repository's root. @throws for a file that is in no project. */
export function projectOfFile(file: string): string {
  const [test, kind, folder = ""] = file.split("/");
  const project = kind === "service" ? folder : kind === "faults" ? FAULT_PROJECTS[folder] : kind;
  if (test !== "test" || project === undefined) throw new Error(`${file} belongs to no vitest project`);
  return project;
}
