/** The bundlers and workerd give an imported `.wasm` file as a compiled module. */
declare module "*.wasm" {
  const compiled: WebAssembly.Module;
  // biome-ignore lint/style/noDefaultExport: the shape of a wasm import is the platform's.
  export default compiled;
}
