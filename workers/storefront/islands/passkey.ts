/**
 * Lets the browser's passkey dialog fill a form in: it shows the form where there are passkeys, and at its button asks for
 * one, writes the answer into the form and sends it. With `data-options` a passkey is made, without them one is used.
 */
import type { Island } from "./island.ts";

const SIGN_IN_OPTIONS = "/v1/auth/passkey/options";

/** WebAuthn's JSON forms, as far as ours go: bytes are base64url. */
interface OptionsJson {
  readonly challenge: string;
  readonly user?: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly excludeCredentials?: readonly { readonly id: string }[];
}

export const passkey: Island = (element, _texts, signal) => {
  if (!(element instanceof HTMLFormElement) || window.PublicKeyCredential === undefined) return;
  element.hidden = false;
  const { insteadOf } = element.dataset;
  if (insteadOf !== undefined) document.getElementById(insteadOf)?.remove();
  const status = element.querySelector("[role=status]");
  let asking = false;
  element.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      if (asking) return;
      asking = true;
      if (status !== null) status.textContent = "";
      fillIn(element)
        // `submit()` sends without another event.
        .then(() => element.submit())
        .catch(() => {
          if (status !== null) status.textContent = element.dataset["failed"] ?? "";
        })
        .finally(() => {
          asking = false;
        });
    },
    { signal },
  );
};

async function fillIn(form: HTMLFormElement): Promise<void> {
  const { options } = form.dataset;
  const credential = options === undefined ? await use() : await make(JSON.parse(options) as OptionsJson);
  const field = form.elements.namedItem("credential");
  if (!(field instanceof HTMLInputElement) || !(credential instanceof PublicKeyCredential)) throw new Error("no passkey");
  field.value = JSON.stringify(toJson(credential));
}

async function use(): Promise<Credential | null> {
  const answer = await fetch(SIGN_IN_OPTIONS, { method: "POST", headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error("no options");
  const options = (await answer.json()) as OptionsJson;
  const publicKey = { ...options, challenge: toBytes(options.challenge) };
  return await navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions });
}

async function make({ challenge, user, excludeCredentials = [], ...others }: OptionsJson): Promise<Credential | null> {
  const publicKey = {
    ...others,
    challenge: toBytes(challenge),
    user: { ...user, id: toBytes(user?.id ?? "") },
    excludeCredentials: excludeCredentials.map((known) => ({ ...known, id: toBytes(known.id) })),
  };
  return await navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions });
}

/** What `toJSON()` gives, which Safari has only since 18.4. */
function toJson({ id, rawId, type, response }: PublicKeyCredential): object {
  const shared = { id, rawId: toText(rawId), type, clientExtensionResults: {} };
  const clientDataJSON = toText(response.clientDataJSON);
  if (response instanceof AuthenticatorAttestationResponse) {
    const attestationObject = toText(response.attestationObject);
    return { ...shared, response: { clientDataJSON, attestationObject, transports: response.getTransports() } };
  }
  const { authenticatorData, signature, userHandle } = response as AuthenticatorAssertionResponse;
  const signed = { clientDataJSON, authenticatorData: toText(authenticatorData), signature: toText(signature) };
  return { ...shared, response: { ...signed, userHandle: userHandle === null ? null : toText(userHandle) } };
}

function toBytes(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function toText(bytes: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
