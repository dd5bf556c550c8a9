/** German words of mails about accounts. Data only. */
import type { AccountWords } from "../account-words.ts";

const NOT_YOU = "Wenn Sie es nicht waren, hat sich jemand bei der Adresse vertippt: Sie müssen nichts tun.";
const NOTICE =
  "Wenn Sie es nicht waren, wählen Sie sofort ein neues Passwort, melden Sie alle Geräte ab und entfernen Sie die Passkeys, die nicht Ihre sind.";

export const de: AccountWords = {
  greeting: (name) => (name === null ? "Guten Tag," : `Guten Tag, ${name},`),
  mails: {
    confirm_email: (shop) => ({
      title: `Bestätigen Sie Ihre E-Mail-Adresse für ${shop}`,
      paragraphs: [
        "Ein Klick bestätigt, dass diese Adresse Ihre ist. Melden Sie sich zum Abschluss in Ihrem Konto an.",
        "Bestellungen, die Sie mit ihr als Gast aufgegeben haben, stehen danach in Ihrem Konto. Der Link gilt drei Tage lang, einmal.",
      ],
      button: "Adresse bestätigen",
      reason: `Sie erhalten diese Mail, weil bei ${shop} ein Konto mit Ihrer Adresse eröffnet wurde. ${NOT_YOU}`,
    }),
    change_email: (shop) => ({
      title: `Bestätigen Sie Ihre neue E-Mail-Adresse für ${shop}`,
      paragraphs: ["Ihr Konto wechselt zu dieser Adresse, sobald Sie sie bestätigen. Der Link gilt einen Tag lang, einmal."],
      button: "Diese Adresse verwenden",
      reason: `Sie erhalten diese Mail, weil jemand mit einem Konto bei ${shop} Ihre Adresse verwenden möchte. ${NOT_YOU}`,
    }),
    reset_password: (shop) => ({
      title: "Wählen Sie ein neues Passwort",
      paragraphs: [
        "Jemand, hoffentlich Sie, hat um ein neues Passwort gebeten. Der Link gilt eine halbe Stunde lang, einmal.",
        "Ein neues Passwort meldet alle Geräte ab.",
      ],
      button: "Neues Passwort wählen",
      reason: `Sie erhalten diese Mail, weil bei ${shop} um ein neues Passwort gebeten wurde. Wenn Sie es nicht waren, bleibt Ihr Passwort, wie es ist.`,
    }),
    staff_invitation: (shop) => ({
      title: `Arbeiten Sie mit bei ${shop}`,
      paragraphs: [
        "Sie sind eingeladen, in diesem Shop mitzuarbeiten. Der Link gilt drei Tage lang, einmal.",
        "Wählen Sie dort ein Passwort. Wenn Sie mit dieser Adresse schon ein Konto haben, nehmen Sie dessen Passwort.",
      ],
      button: "Einladung annehmen",
      reason: `Sie erhalten diese Mail, weil jemand, der ${shop} betreibt, Ihre Adresse eingegeben hat. ${NOT_YOU}`,
    }),
    email_changed: (shop) => ({
      title: "Ihre E-Mail-Adresse wurde geändert",
      paragraphs: [`Ihr Konto bei ${shop} hat jetzt eine andere Adresse; diese hier öffnet es nicht mehr.`],
      reason: "Wenn Sie es nicht waren, antworten Sie sofort auf diese Mail.",
    }),
    password_reset: (shop) => ({
      title: "Ihr Passwort wurde geändert",
      paragraphs: [
        `Das Passwort Ihres Kontos bei ${shop} wurde über den Link in unserer Mail ersetzt, und alle Geräte wurden abgemeldet.`,
      ],
      reason:
        "Wenn Sie es nicht waren, liest jemand Ihre Mails: Ändern Sie zuerst das Passwort Ihres Postfachs und bitten Sie dann hier um ein neues.",
    }),
    two_factor_on: (shop) => ({
      title: "Die Anmeldung verlangt jetzt einen Code",
      paragraphs: [
        `Jemand, hoffentlich Sie, hat für Ihr Konto bei ${shop} eine Authenticator-App eingerichtet. Alle anderen Geräte wurden abgemeldet.`,
        "Bewahren Sie Ihre Notfallcodes dort auf, wo Sie sie auch ohne Ihr Telefon finden.",
      ],
      reason: NOTICE,
    }),
    two_factor_off: (shop) => ({
      title: "Die Anmeldung verlangt keinen Code mehr",
      paragraphs: [`Die Authenticator-App Ihres Kontos bei ${shop} wurde ausgeschaltet, mit Ihrem Passwort und einem Code.`],
      reason: NOTICE,
    }),
    recovery_code_used: (shop) => ({
      title: "Ein Notfallcode wurde benutzt",
      paragraphs: [
        `Einer der Notfallcodes Ihres Kontos bei ${shop} wurde anstelle der Authenticator-App benutzt. Er gilt nicht noch einmal.`,
        "Wenn nur noch wenige übrig sind, erstellen Sie neue auf der Seite „Anmeldung und Sicherheit“.",
      ],
      reason: NOTICE,
    }),
    passkey_added: (shop) => ({
      title: "Ein Passkey kam hinzu",
      paragraphs: [`Ein Passkey öffnet jetzt Ihr Konto bei ${shop}, ohne Ihr Passwort.`],
      reason: NOTICE,
    }),
    passkey_removed: (shop) => ({
      title: "Ein Passkey wurde entfernt",
      paragraphs: [`Ein Passkey Ihres Kontos bei ${shop} wurde entfernt und öffnet es nicht mehr.`],
      reason: NOTICE,
    }),
    two_factor_reset: (shop) => ({
      title: "Wir haben die Authenticator-App von Ihrem Konto genommen",
      paragraphs: [
        `Jemand hat uns bei ${shop} gesagt, Sie zu sein und Telefon und Notfallcodes verloren zu haben. Ihr Passwort allein öffnet jetzt Ihr Konto; alle Geräte und Apps wurden abgemeldet.`,
        "Melden Sie sich an und richten Sie auf der Seite „Anmeldung und Sicherheit“ eine neue App ein.",
      ],
      reason: "Wenn Sie es nicht waren, wählen Sie sofort ein neues Passwort und antworten Sie auf diese Mail.",
    }),
    app_allowed: (shop) => ({
      title: "Eine App darf jetzt für Sie handeln",
      paragraphs: [
        `Jemand, hoffentlich Sie, hat einer App Zugriff auf Ihr Konto bei ${shop} gegeben.`,
        "Welche es ist und was sie darf, steht in Ihrem Konto unter „Apps“. Dort können Sie den Zugriff beenden.",
      ],
      reason:
        "Wenn Sie es nicht waren, wählen Sie sofort ein neues Passwort: Das beendet den Zugriff aller Apps und meldet alle Geräte ab.",
    }),
    confirm_export: (shop) => ({
      title: `Alles, was ${shop} über Sie weiß`,
      paragraphs: ["Der Link öffnet eine Kopie der Daten, die zu dieser Adresse gehören. Er gilt einen Tag lang."],
      button: "Meine Daten holen",
      reason: `Sie erhalten diese Mail, weil jemand ${shop} um die Daten zu Ihrer Adresse gebeten hat. ${NOT_YOU}`,
    }),
    confirm_erasure: (shop) => ({
      title: `Löschen, was ${shop} über Sie weiß`,
      paragraphs: [
        "Der Link fragt noch einmal nach und löscht dann alles, was zu dieser Adresse gehört. Das lässt sich nicht rückgängig machen.",
        "Bestellungen bleiben ohne Namen und Anschrift in unseren Büchern, weil das Gesetz es verlangt. Der Link gilt einen Tag lang.",
      ],
      button: "Meine Daten löschen",
      reason: `Sie erhalten diese Mail, weil jemand ${shop} gebeten hat, die Daten zu Ihrer Adresse zu löschen. ${NOT_YOU}`,
    }),
    erasure_begun: (shop) => ({
      title: "Ihr Konto ist geschlossen, und Ihre Daten werden gelöscht",
      paragraphs: [
        `Niemand kann sich mehr in Ihrem Konto bei ${shop} anmelden. Ihre Adressen, Warenkörbe und Geräte werden jetzt gelöscht.`,
        "Bestellungen bleiben ohne Ihren Namen und Ihre Anschrift in unseren Büchern, weil das Gesetz es verlangt. Dies ist unsere letzte Mail an Sie.",
      ],
      reason: "Wenn Sie es nicht waren, antworten Sie sofort auf diese Mail.",
    }),
  },
};
