/** The passkeys of the account, each with a way to name and to remove it, and one to add. Pure. */
import { CsrfField } from "../../components/csrf-field.tsx";
import { Field } from "../../components/field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { formatDate } from "../../format-date.ts";
import { link, type PageContext } from "../../page-context.ts";
import type { Passkey } from "../../peers/account-security.ts";
import { securityTexts } from "../../texts/security.ts";
import { AccountCard } from "./account-frame.tsx";
import { OwnPasswordField } from "./authenticator-card.tsx";
import type { RefusedForm } from "./security.tsx";

interface CardProps {
  readonly page: PageContext;
  readonly passkeys: readonly Passkey[];
  readonly refused: RefusedForm | undefined;
}

export function PasskeysCard({ page, passkeys, refused }: CardProps) {
  const { passkeys: texts } = securityTexts(page.locale);
  return (
    <AccountCard title={texts.title} id="passkeys">
      <p>{texts.lead}</p>
      {passkeys.length === 0 ? <p class="account-note">{texts.none}</p> : null}
      {passkeys.length === 0 ? null : (
        <ul class="device-list">
          {passkeys.map((passkey) => (
            <PasskeyRow page={page} passkey={passkey} refused={refused} />
          ))}
        </ul>
      )}
      <details class="account-more-form" open={refused?.form === "passkey"}>
        <summary>{texts.add}</summary>
        <form class="account-form" method="post" action={link(page, "/account/security/passkeys")}>
          <CsrfField page={page} />
          <OwnPasswordField page={page} form="passkey" refused={refused} />
          <SubmitButton variant="secondary">{texts.add}</SubmitButton>
        </form>
      </details>
    </AccountCard>
  );
}

interface RowProps extends Omit<CardProps, "passkeys"> {
  readonly passkey: Passkey;
}

function PasskeyRow({ page, passkey, refused }: RowProps) {
  const { passkeys: texts } = securityTexts(page.locale);
  const isRefused = refused?.form === "rename" && refused.passkeyId === passkey.id;
  const used = passkey.last_used_at;
  return (
    <li class="device-row passkey-row">
      <div>
        <p class="device-name">{passkey.name}</p>
        <p class="account-note">
          {used === null ? texts.added(formatDate(page, passkey.created_at)) : texts.lastUsed(formatDate(page, used))}
        </p>
      </div>
      <form method="post" action={link(page, "/account/security/passkeys/remove")}>
        <CsrfField page={page} />
        <input type="hidden" name="passkey" value={passkey.id} />
        <SubmitButton variant="quiet" label={texts.removeOne(passkey.name)}>
          {texts.remove}
        </SubmitButton>
      </form>
      <details class="account-more-form" open={isRefused}>
        <summary aria-label={texts.renameOne(passkey.name)}>{texts.rename}</summary>
        <form class="account-form" method="post" action={link(page, "/account/security/passkeys/rename")}>
          <CsrfField page={page} />
          <input type="hidden" name="passkey" value={passkey.id} />
          <Field
            page={page}
            id={`name-${passkey.id}`}
            name="name"
            label={texts.name}
            value={passkey.name}
            error={isRefused ? texts.badName : undefined}
            autocomplete="off"
            maxlength={100}
            required
          />
          <SubmitButton variant="secondary">{texts.rename}</SubmitButton>
        </form>
      </details>
    </li>
  );
}
