/** Bindings of the media worker and its configuration, checked once at start. */
import { env } from "cloudflare:workers";
import * as z from "zod";
import { integerVariable, parseConfiguration } from "../shared/configuration.ts";
import { WIDTHS } from "./negotiate-variant.ts";

export interface Env {
  readonly IMAGES: ImagesBinding;
  /** Originals and the variants made of them; `picture-store.ts` has the layout. */
  readonly ORIGINALS: R2Bucket;
  /** Widest picture that is worth the time that AVIF takes; 0 turns AVIF off. */
  readonly AVIF_WIDTH_MAX: string;
}

const Configuration = z.object({ AVIF_WIDTH_MAX: integerVariable(0, WIDTHS.at(-1) ?? 0) });

export const configuration = parseConfiguration("media", Configuration, env);
