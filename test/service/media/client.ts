/** Talks to the media worker as the gateway does, and makes test pictures with the Images binding itself. */
import { env, exports } from "cloudflare:workers";
import type { Env } from "../../../workers/media/env.ts";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER, type Principal } from "../../../workers/shared/principal.ts";

export const bindings = env as unknown as Env;
const media = (exports as unknown as { default: Fetcher }).default;

const OPERATOR: Principal = { ...GUEST, kind: "operator", scopes: ["*"] };
/** A disc on a plain ground, 64 × 48, drawn for these tests. */
const DISC_PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAMAAACWlYwtAAAAFVBMVEUzZojd3e5OeZh7mLPR1efDy96jtcuXzQy2AAAACXBIWXMAAAsTAAALEwEAmpwYAAAAtklEQVRIie2V2w7EIAhEZ7j4/5/cZJ/arqAuaZtsypvGOUHEASwGXgD/uQbWVAQQ0WY/AFyxC/VVgO7lH8QSwOWsB8TmAd7RA+KzAO/qwxzwtRPoAZkDaKQPKonzBWI9YBMAzQA6Blim76aA47LlgDYEaA7QIUBygAwBuBiAxwFyfRG1+oyt2khWbWVWPxPT7+x3GArLlkarmiqrts5uDiuDheXRRtKKw5Xl8T4fWDj7AoJ4vogbP/IJ4REJB/YAAAAASUVORK5CYII=";

type PictureFormat = "image/png" | "image/jpeg" | "image/webp" | "image/avif";

/** 4:3 unless its height is told. */
export async function disc(width: number, format: PictureFormat, height?: number): Promise<Uint8Array> {
  const small = new Blob([Uint8Array.fromBase64(DISC_PNG)]).stream();
  const size: ImageTransform = height === undefined ? { width, fit: "contain" } : { width, height, fit: "squeeze" };
  const drawn = await bindings.IMAGES.input(small).transform(size).output({ format });
  return new Uint8Array(await drawn.response().arrayBuffer());
}

export async function show(path: string, accept = "image/avif,image/webp,*/*", init: RequestInit = {}): Promise<Response> {
  const headers = new Headers({ accept, ...(init.headers as Record<string, string> | undefined) });
  headers.set(PRINCIPAL_HEADER, encodePrincipal(GUEST));
  return await media.fetch(`https://media.test${path}`, { ...init, headers });
}

export async function admin(method: string, path: string, body?: BodyInit, principal = OPERATOR): Promise<Response> {
  const headers = { [PRINCIPAL_HEADER]: encodePrincipal(principal), "content-type": "application/octet-stream" };
  return await media.fetch(`https://media.test${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
}

export async function put(key: string, bytes: BodyInit): Promise<Response> {
  return await admin("PUT", `/v1/admin/media/${key}`, bytes);
}

let counter = 0;
/** Unique in this file's run. */
export function freshKey(folder = "products"): string {
  return `${folder}/picture-${Date.now().toString(36)}${(counter++).toString(36)}.webp`;
}

/** A picture that is there, 1400 pixels wide unless told. */
export async function uploaded(width = 1_400): Promise<string> {
  const key = freshKey();
  const response = await put(key, await disc(width, "image/webp"));
  if (response.status !== 201) throw new Error(await response.text());
  return key;
}

export interface Info {
  readonly format: string;
  readonly width: number;
}

export async function infoOf(response: Response): Promise<Info> {
  const info = await bindings.IMAGES.info(new Blob([await response.arrayBuffer()]).stream());
  return { format: info.format, width: "width" in info ? info.width : 0 };
}
