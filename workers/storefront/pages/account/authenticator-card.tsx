/** The authenticator app as the account shows it: off with a way to set it up, on with what can be changed. Pure. */
import { CsrfField } from "../../components/csrf-field.tsx";
import { Field } from "../../components/field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { formatDate } from "../../format-date.ts";
import { link, type PageContext } from "../../page-context.ts";
import type { Authenticator } from "../../peers/account-security.ts";
import { securityTexts } from "../../texts/security.ts";
import { AccountCard } from "./account-frame.tsx";
import { CodeField } from "./second-step.tsx";
import type { RefusedForm } from "./security.tsx";

interface CardProps {
  readonly page: PageContext;
  readonly authenticator: Authenticator;
  readonly refused: RefusedForm | undefined;
}

export function AuthenticatorCard({ page, authenticator, refused }: CardProps) {
  const { app: texts } = securityTexts(page.locale);
  const { enabled_at: enabledAt, recovery_codes_left: codesLeft } = authenticator;
  if (enabledAt === null) return <SetUpCard page={page} refused={refused} />;
  return (
    <AccountCard title={texts.title} id="authenticator">
      <p>{texts.on(formatDate(page, enabledAt))}</p>
      <p class={codesLeft > 1 ? "account-note" : undefined}>{texts.codesLeft(codesLeft)}</p>
      <FactorsForm
        page={page}
        form="renew"
        path="/account/security/recovery-codes"
        texts={{ summary: texts.renew, lead: texts.renewLead, submit: texts.renewSubmit }}
        refused={refused}
      />
      <FactorsForm
        page={page}
        form="switch-off"
        path="/account/security/authenticator/disable"
        texts={{ summary: texts.switchOff, lead: texts.switchOffLead, submit: texts.switchOffSubmit }}
        refused={refused}
      />
    </AccountCard>
  );
}

function SetUpCard({ page, refused }: Omit<CardProps, "authenticator">) {
  const { app: texts } = securityTexts(page.locale);
  return (
    <AccountCard title={texts.title} id="authenticator">
      <p>{texts.off}</p>
      <form class="account-form" method="post" action={link(page, "/account/security/authenticator")}>
        <CsrfField page={page} />
        <OwnPasswordField page={page} form="set-up" refused={refused} />
        <SubmitButton>{texts.setUp}</SubmitButton>
      </form>
    </AccountCard>
  );
}

interface FactorsFormProps {
  readonly page: PageContext;
  readonly form: RefusedForm["form"];
  readonly path: string;
  readonly texts: { readonly summary: string; readonly lead: string; readonly submit: string };
  readonly refused: RefusedForm | undefined;
}

function FactorsForm({ page, form, path, texts, refused }: FactorsFormProps) {
  const isRefused = refused?.form === form;
  return (
    <details class="account-more-form" open={isRefused}>
      <summary>{texts.summary}</summary>
      <form class="account-form" method="post" action={link(page, path)}>
        <p class="account-note">{texts.lead}</p>
        <CsrfField page={page} />
        <OwnPasswordField page={page} form={form} refused={refused} />
        <CodeField page={page} id={`${form}-code`} error={isRefused ? refused.codeError : undefined} />
        <SubmitButton variant="secondary">{texts.submit}</SubmitButton>
      </form>
    </details>
  );
}

interface OwnPasswordProps {
  readonly page: PageContext;
  readonly form: RefusedForm["form"];
  readonly refused: RefusedForm | undefined;
}

export function OwnPasswordField({ page, form, refused }: OwnPasswordProps) {
  return (
    <Field
      page={page}
      id={`${form}-password`}
      name="password"
      type="password"
      label={securityTexts(page.locale).currentPassword}
      error={refused?.form === form ? refused.passwordError : undefined}
      autocomplete="current-password"
      maxlength={400}
      required
    />
  );
}
