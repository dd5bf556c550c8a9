/** A saved address, its lines in the order in which its country writes them. Pure. */
import { countryName } from "../../country-names.ts";
import type { PageContext } from "../../page-context.ts";
import type { AccountAddress } from "../../peers/account.ts";
import { addressFormat } from "../checkout/address-formats.ts";

export function AddressText({ page, address }: { readonly page: PageContext; readonly address: AccountAddress }) {
  const lines = [...postalLines(address), countryName(page, address.country), address.phone ?? ""].filter((line) => line !== "");
  return (
    <address class="account-lines">
      {lines.map((line, index) => (
        <>
          {index === 0 ? null : <br />}
          {line}
        </>
      ))}
    </address>
  );
}

/** One line that tells an address from others: `Ada Lovelace, 12 Harbour Row`. */
export function shortAddress(address: AccountAddress): string {
  return address.label ?? `${address.name}, ${address.line1}`;
}

function postalLines(address: AccountAddress): string[] {
  const shown = addressFormat(address.country).rows.filter((row) => !row.includes("phone"));
  const lines = shown.map((row) => row.map((field) => address[field] ?? "").filter((part) => part !== ""));
  // A region that the country's form does not ask for was typed by the customer: it stays.
  const region = shown.flat().includes("region") ? "" : (address.region ?? "");
  return [...lines.map((parts) => parts.join(" ")), region];
}
