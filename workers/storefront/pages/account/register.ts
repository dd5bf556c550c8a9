/** Mounts the account's pages. All but sign-in, registration, a lost password and an invitation are for a signed-in customer. */
import type { Hono } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { joinStaff, showStaffInvitation } from "./accept-invitation.tsx";
import { saveNewAddress, showNewAddress } from "./add-address.ts";
import { showAddresses } from "./addresses.tsx";
import { saveConfirmation, showConfirmEmail } from "./confirm-email.tsx";
import { customerOnly, seeOther } from "./customer-only.ts";
import { makeDefault, removeAddress, saveAddress, showAddress } from "./edit-address.ts";
import { showHome } from "./home.tsx";
import { askForReset, saveNewPassword, showForgotPassword, showResetPassword } from "./lost-password.tsx";
import { register, showRegister } from "./open-account.tsx";
import { showOrders } from "./orders.tsx";
import { endDevice, rename, setPassword, showProfile } from "./profile.tsx";
import { finishSignIn } from "./second-step.tsx";
import { registerSecurityPages } from "./security-pages.ts";
import { showSignIn, signIn, signInByPasskey } from "./sign-in.tsx";
import { leave } from "./sign-out.ts";

export function registerAccountPages(app: Hono<StorefrontHono>): void {
  app.get("/account/sign-in", showSignIn);
  app.post("/account/sign-in", signIn);
  app.get("/account/sign-in/code", (c) => seeOther(c, "/account/sign-in"));
  app.post("/account/sign-in/code", finishSignIn);
  app.get("/account/sign-in/passkey", (c) => seeOther(c, "/account/sign-in"));
  app.post("/account/sign-in/passkey", signInByPasskey);
  app.get("/account/register", showRegister);
  app.post("/account/register", register);
  app.post("/account/sign-out", leave);
  app.get("/account/forgot-password", showForgotPassword);
  app.post("/account/forgot-password", askForReset);
  app.get("/account/reset-password", showResetPassword);
  app.post("/account/reset-password", saveNewPassword);
  app.get("/account/accept-invitation", showStaffInvitation);
  app.post("/account/accept-invitation", joinStaff);
  app.get("/account/confirm-email", customerOnly(showConfirmEmail));
  app.post("/account/confirm-email", customerOnly(saveConfirmation));

  // Where a form was refused its page has the form's address: a reload or a change of language asks for it by GET.
  app.get("/account/password", (c) => seeOther(c, "/account/profile"));

  app.get("/account", customerOnly(showHome));
  app.get("/account/orders", customerOnly(showOrders));

  app.get("/account/addresses", customerOnly(showAddresses));
  app.get("/account/addresses/new", customerOnly(showNewAddress));
  app.post("/account/addresses/new", customerOnly(saveNewAddress));
  app.get("/account/addresses/:id", customerOnly(showAddress));
  app.post("/account/addresses/:id", customerOnly(saveAddress));
  app.post("/account/addresses/:id/default", customerOnly(makeDefault));
  app.post("/account/addresses/:id/delete", customerOnly(removeAddress));

  app.get("/account/profile", customerOnly(showProfile));
  app.post("/account/profile", customerOnly(rename));
  app.post("/account/password", customerOnly(setPassword));
  app.post("/account/devices/sign-out", customerOnly(endDevice));
  registerSecurityPages(app);
}
