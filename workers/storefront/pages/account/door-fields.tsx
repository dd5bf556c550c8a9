/** The fields that signing in and registering share, as a password manager knows them. Pure. */
import { Field } from "../../components/field.tsx";
import type { PageContext } from "../../page-context.ts";
import { accountTexts } from "../../texts/account.ts";

interface DoorFieldProps {
  readonly page: PageContext;
  readonly error: string | undefined;
}

export function EmailField({ page, error, value }: DoorFieldProps & { readonly value: string }) {
  return (
    <Field
      page={page}
      name="email"
      type="email"
      label={accountTexts(page.locale).email}
      value={value}
      error={error}
      autocomplete="username"
      maxlength={254}
      required
    />
  );
}

/** What was typed is never sent back. */
export function PasswordField({ page, error, isNew }: DoorFieldProps & { readonly isNew: boolean }) {
  const texts = accountTexts(page.locale);
  return (
    <Field
      page={page}
      name="password"
      type="password"
      label={texts.password}
      {...(isNew ? { hint: texts.passwordHint } : {})}
      error={error}
      autocomplete={isNew ? "new-password" : "current-password"}
      maxlength={400}
      required
    />
  );
}
