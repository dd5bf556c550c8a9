/** Bindings of the docs worker. */
export interface DocsEnv {
  /** The files of `@scalar/api-reference`. */
  readonly ASSETS: Fetcher;
}
