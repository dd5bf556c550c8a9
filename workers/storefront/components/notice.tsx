/** A message that assistive technology reads out: `status` for good news, `alert` for what needs the shopper. Pure. */
import type { Child } from "hono/jsx";

export type NoticeTone = "info" | "success" | "warning" | "error";

interface NoticeProps {
  readonly tone: NoticeTone;
  readonly title?: string;
  readonly id?: string;
  readonly children?: Child;
}

export function Notice({ tone, title, id, children }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`} role={tone === "error" || tone === "warning" ? "alert" : "status"} id={id}>
      {title === undefined ? null : <p class="notice-title">{title}</p>}
      <div class="notice-body">{children}</div>
    </div>
  );
}
