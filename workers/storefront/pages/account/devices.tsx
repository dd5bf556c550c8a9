/** Where the customer is signed in, with a way to end each of these, and all. Pure. */
import { CsrfField } from "../../components/csrf-field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { formatDate } from "../../format-date.ts";
import { link, type PageContext } from "../../page-context.ts";
import type { Device } from "../../peers/account.ts";
import { type AccountTexts, accountTexts } from "../../texts/account.ts";
import { AccountCard } from "./account-frame.tsx";

export function Devices({ page, devices }: { readonly page: PageContext; readonly devices: readonly Device[] }) {
  const texts = accountTexts(page.locale);
  return (
    <AccountCard title={texts.profile.devicesTitle} id="devices">
      <ul class="device-list">
        {devices.map((device) => (
          <DeviceRow page={page} device={device} />
        ))}
      </ul>
      <form method="post" action={link(page, "/account/sign-out")}>
        <CsrfField page={page} />
        <SubmitButton variant="secondary" name="everywhere" value="yes">
          {texts.signOut.everywhere}
        </SubmitButton>
      </form>
    </AccountCard>
  );
}

function DeviceRow({ page, device }: { readonly page: PageContext; readonly device: Device }) {
  const { profile: texts } = accountTexts(page.locale);
  const name = deviceName(texts, device.device);
  return (
    <li class="device-row">
      <div>
        <p class="device-name">{name}</p>
        <p class="account-note">{device.current ? texts.thisDevice : texts.lastUsed(formatDate(page, device.last_used_at))}</p>
      </div>
      {device.current ? null : (
        <form method="post" action={link(page, "/account/devices/sign-out")}>
          <CsrfField page={page} />
          <input type="hidden" name="session" value={device.id} />
          <SubmitButton variant="quiet" label={texts.signDeviceOutOne(name)}>
            {texts.signDeviceOut}
          </SubmitButton>
        </form>
      )}
    </li>
  );
}

/** @param device as the API says it: `Chrome on macOS`, `An app on macOS`, `Chrome`, `Unknown device`. */
function deviceName(texts: AccountTexts["profile"], device: string): string {
  if (device === "Unknown device") return texts.unknownDevice;
  const [, program, system] = /^(.+) on (.+)$/.exec(device) ?? [];
  if (program === undefined || system === undefined) return device;
  return texts.programOn(program === "An app" ? texts.anApp : program, system);
}
