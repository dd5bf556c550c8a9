/** The form of the consent page. Pure. */
import type { AuthorizationQuestion } from "../../../identity/contract.ts";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Notice } from "../../components/notice.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { link, type PageContext } from "../../page-context.ts";
import { type AppTexts, appTexts } from "../../texts/apps.ts";
import { ScopeList } from "./scope-list.tsx";

interface ConsentProps {
  readonly page: PageContext;
  readonly question: AuthorizationQuestion;
  readonly email: string;
  /** The app's question, as it came. */
  readonly request: string;
}

export function Consent({ page, question, email, request }: ConsentProps) {
  const { consent: texts } = appTexts(page.locale);
  return (
    <section class="door">
      <h1>{texts.title(question.clientName)}</h1>
      <p class="door-lead">{texts.signedInAs(email)}</p>
      {question.isVetted ? null : <Notice tone="warning">{texts.unvetted}</Notice>}
      <p>{texts.could}</p>
      <ScopeList page={page} scopes={question.scopes} />
      <p>{texts.never}</p>
      <p>
        <strong>{whereTo(texts, question.target)}</strong>
      </p>
      <form class="door-form" method="post" action={link(page, "/oauth/authorize")}>
        <CsrfField page={page} />
        <input type="hidden" name="request" value={request} />
        <SubmitButton wide name="answer" value="allow">
          {texts.allow}
        </SubmitButton>
        <SubmitButton wide variant="secondary" name="answer" value="deny">
          {texts.deny}
        </SubmitButton>
      </form>
      <p class="door-note">{texts.later}</p>
    </section>
  );
}

function whereTo(texts: AppTexts["consent"], target: AuthorizationQuestion["target"]): string {
  switch (target.kind) {
    case "site":
      return texts.toSite(target.name);
    case "program":
      return texts.toProgram(target.name);
    case "this_computer":
      return texts.toThisComputer;
  }
}
