/** Form fields with everything that belongs to one: label, hint, error, and what ties them together. Pure. */
import type { PageContext } from "../page-context.ts";
import { shellTexts } from "../texts/shell.ts";

interface FieldFrame {
  readonly page: Pick<PageContext, "locale">;
  readonly name: string;
  readonly label: string;
  /** What was typed before; kept when the form comes back. */
  readonly value?: string | undefined;
  /** What is wrong and how to mend it. */
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
  readonly required?: boolean | undefined;
  readonly autocomplete?: string | undefined;
  /** When the name is not unique on the page. */
  readonly id?: string | undefined;
  readonly class?: string | undefined;
}

interface FieldProps extends FieldFrame {
  readonly type?: "text" | "email" | "password" | "tel" | "search" | "number" | "url" | undefined;
  readonly inputmode?: "text" | "numeric" | "tel" | "email" | "search" | undefined;
  readonly maxlength?: number | undefined;
  readonly minlength?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly pattern?: string | undefined;
  /** Draws a text area of so many rows. */
  readonly rows?: number | undefined;
}

interface SelectOption {
  readonly value: string;
  readonly label: string;
}

interface SelectFieldProps extends FieldFrame {
  readonly options: readonly SelectOption[];
}

export function Field(props: FieldProps) {
  const id = props.id ?? props.name;
  const control = {
    id,
    name: props.name,
    autocomplete: props.autocomplete,
    maxlength: props.maxlength,
    required: props.required === true,
    class: "input",
    ...describedBy(props, id),
  };
  return (
    <FieldShell {...props} fieldId={id}>
      {props.rows === undefined ? (
        <input
          {...control}
          type={props.type ?? "text"}
          value={props.value}
          inputmode={props.inputmode}
          minlength={props.minlength}
          min={props.min}
          max={props.max}
          pattern={props.pattern}
        />
      ) : (
        <textarea {...control} rows={props.rows}>
          {props.value ?? ""}
        </textarea>
      )}
    </FieldShell>
  );
}

export function SelectField(props: SelectFieldProps) {
  const id = props.id ?? props.name;
  return (
    <FieldShell {...props} fieldId={id}>
      <select
        id={id}
        name={props.name}
        autocomplete={props.autocomplete}
        required={props.required === true}
        class="input"
        {...describedBy(props, id)}
      >
        {props.options.map((option) => (
          <option value={option.value} selected={option.value === props.value}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldShell>
  );
}

function FieldShell(props: FieldFrame & { readonly fieldId: string; readonly children?: unknown }) {
  const texts = shellTexts(props.page.locale);
  return (
    <div class={`field${props.error === undefined ? "" : " field-bad"}${props.class === undefined ? "" : ` ${props.class}`}`}>
      <label for={props.fieldId}>
        {props.label}
        {props.required === true ? null : <span class="field-optional"> ({texts.optional})</span>}
      </label>
      {props.hint === undefined ? null : (
        <p class="field-hint" id={`${props.fieldId}-hint`}>
          {props.hint}
        </p>
      )}
      {props.children as never}
      {props.error === undefined ? null : (
        <p class="field-error" id={`${props.fieldId}-error`}>
          {props.error}
        </p>
      )}
    </div>
  );
}

function describedBy(props: FieldFrame, id: string): Record<string, string | undefined> {
  const ids = [props.hint === undefined ? [] : [`${id}-hint`], props.error === undefined ? [] : [`${id}-error`]].flat();
  return {
    "aria-describedby": ids.length === 0 ? undefined : ids.join(" "),
    "aria-invalid": props.error === undefined ? undefined : "true",
  };
}
