/** The few drawings of the frame, as inline SVG in the text's colour. Pure. */
import type { Child } from "hono/jsx";

export function SearchIcon() {
  return (
    <Icon>
      <circle cx="11" cy="11" r="6.5" />
      <path d="m16 16 4.5 4.5" />
    </Icon>
  );
}

export function CartIcon() {
  return (
    <Icon>
      <path d="M4.5 8.5h15l-1.2 10a2 2 0 0 1-2 1.8H7.7a2 2 0 0 1-2-1.8z" />
      <path d="M8.5 11V7.5a3.5 3.5 0 0 1 7 0V11" />
    </Icon>
  );
}

export function AccountIcon() {
  return (
    <Icon>
      <circle cx="12" cy="8.5" r="4" />
      <path d="M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6" />
    </Icon>
  );
}

/** Beside text or in a control that has a label. */
function Icon({ children }: { readonly children?: Child }) {
  return (
    <svg
      aria-hidden="true"
      class="icon"
      viewBox="0 0 24 24"
      width={24}
      height={24}
      fill="none"
      stroke="currentColor"
      stroke-width={1.75}
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      {children}
    </svg>
  );
}

/** The shop's mark: a mooring post between two waves. */
export function Mark() {
  return (
    <svg
      aria-hidden="true"
      class="mark"
      viewBox="0 0 32 32"
      width={32}
      height={32}
      fill="none"
      stroke="currentColor"
      stroke-width={2.5}
      stroke-linecap="round"
    >
      <path d="M16 3v13M9.5 6.5h13" />
      <path d="M3 18.5c2.2-2 4.3-2 6.5 0s4.3 2 6.5 0 4.3-2 6.5 0 4.3 2 6.5 0" />
      <path d="M3 26c2.2-2 4.3-2 6.5 0s4.3 2 6.5 0 4.3-2 6.5 0 4.3 2 6.5 0" />
    </svg>
  );
}
