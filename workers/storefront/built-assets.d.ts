/** The built module before its first build, for the type checker of a fresh clone. */
declare module "*/assets/built.json" {
  const built: unknown;
  export default built;
}
