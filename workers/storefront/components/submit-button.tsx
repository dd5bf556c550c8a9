/** The one way a form is sent. Pure. */
import type { Child } from "hono/jsx";

interface SubmitButtonProps {
  readonly variant?: "primary" | "secondary" | "quiet";
  readonly wide?: boolean;
  readonly disabled?: boolean;
  readonly name?: string;
  readonly value?: string;
  /** When the visible text does not say enough, e.g. one "Remove" of many. */
  readonly label?: string;
  readonly children?: Child;
}

export function SubmitButton({ variant = "primary", wide, disabled, name, value, label, children }: SubmitButtonProps) {
  return (
    <button
      type="submit"
      class={`button button-${variant}${wide === true ? " button-wide" : ""}`}
      disabled={disabled === true}
      name={name}
      value={value}
      aria-label={label}
    >
      {children}
    </button>
  );
}
