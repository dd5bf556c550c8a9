/**
 * Forms that the browser's own passkey dialog fills in. Without scripts, or in a browser without passkeys, the form stays
 * hidden and what is said in its place is shown. Pure.
 */
import { CsrfField } from "../../components/csrf-field.tsx";
import { Field } from "../../components/field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { link, type PageContext } from "../../page-context.ts";
import { securityTexts } from "../../texts/security.ts";
import { RETURN_FIELD } from "./return-address.ts";

export function PasskeySignIn({ page, back }: { readonly page: PageContext; readonly back: string }) {
  const { signIn: texts } = securityTexts(page.locale);
  return (
    <form
      class="door-form"
      method="post"
      action={link(page, "/account/sign-in/passkey")}
      data-island="passkey"
      data-failed={texts.passkeyFailed}
      hidden
    >
      <p class="door-or">{texts.or}</p>
      <CsrfField page={page} />
      <input type="hidden" name={RETURN_FIELD} value={back} />
      <input type="hidden" name="credential" />
      <SubmitButton variant="secondary" wide>
        {texts.passkey}
      </SubmitButton>
      <p class="field-error" role="status" />
    </form>
  );
}

/** @param options as identity made them, for this session and five minutes. */
export function PasskeyCreation({ page, options }: { readonly page: PageContext; readonly options: unknown }) {
  const { passkeys: texts } = securityTexts(page.locale);
  return (
    <>
      <p id="passkey-unavailable">{texts.unavailable}</p>
      <form
        class="account-form"
        method="post"
        action={link(page, "/account/security/passkeys/add")}
        data-island="passkey"
        data-options={JSON.stringify(options)}
        data-failed={texts.failed}
        data-instead-of="passkey-unavailable"
        hidden
      >
        <CsrfField page={page} />
        <input type="hidden" name="credential" />
        <Field page={page} name="name" label={texts.name} hint={texts.nameHint} maxlength={100} autocomplete="off" />
        <SubmitButton>{texts.create}</SubmitButton>
        <p class="field-error" role="status" />
      </form>
    </>
  );
}
