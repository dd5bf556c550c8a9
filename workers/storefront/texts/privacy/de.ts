/** German texts of the pages about a shopper's own data. Data only. */
import type { PrivacyTexts } from "../privacy.ts";

export const de: PrivacyTexts = {
  title: "Ihre Daten",
  lead: "Holen Sie sich eine Kopie von allem, was wir über Sie wissen, oder lassen Sie es löschen.",
  copy: {
    title: "Eine Kopie Ihrer Daten",
    what: "Ihr Konto, Adressen, Geräte, Bestellungen, Warenkörbe, Zahlungen und die Mails an Sie, in einer Datei, die Menschen und Programme lesen können (JSON).",
    collect: "Meine Daten sammeln",
    collectAgain: "Neu sammeln",
    collecting: "Wir sammeln Ihre Daten. Laden Sie diese Seite gleich noch einmal.",
    ready: "Ihre Kopie ist fertig. Wir heben sie einen Tag lang auf.",
    failed: "Ihre Daten konnten nicht gesammelt werden. Bitte versuchen Sie es noch einmal.",
    download: "Meine Daten herunterladen",
  },
  erase: {
    title: "Konto löschen",
    consequences: [
      "Ihr Konto wird sofort geschlossen, auf allen Geräten. Es lässt sich nicht zurückholen.",
      "Ihr Name, Ihre Adressen, Ihre Telefonnummer, Warenkörbe und Anmeldungen werden gelöscht.",
      "Bestellungen bleiben ohne Namen und Adresse in unseren Büchern, weil das Steuerrecht es verlangt. Sie sehen sie nicht mehr, und Links in alten Mails öffnen nichts.",
      "Rückgaben und Reklamationen zu alten Bestellungen werden schwierig: Wir wissen nicht mehr, dass sie Ihnen gehören.",
      "Der Zahlungsdienst behält seine eigenen Aufzeichnungen über Ihre Zahlungen.",
    ],
    password: "Ihr Passwort",
    submit: "Mein Konto löschen",
    wrongPassword: "Das ist nicht Ihr Passwort. Es wurde nichts gelöscht.",
    enterPassword: "Geben Sie Ihr Passwort ein.",
    ordersOpen:
      "Eine Ihrer Bestellungen ist noch nicht abgeschlossen. Warten Sie, bis sie verschickt ist, oder lassen Sie sie stornieren, und löschen Sie dann das Konto.",
    done: "Ihr Konto ist geschlossen, und Ihre Daten werden gelöscht. Eine letzte Mail bestätigt es.",
  },
  link: {
    title: "Ihre Daten ohne Konto",
    lead: "Nennen Sie uns Ihre E-Mail-Adresse. Wir schicken einen Link dorthin, damit niemand sonst an Ihre Daten kommt.",
    email: "E-Mail-Adresse",
    enterEmail: "Geben Sie eine E-Mail-Adresse wie ada@example.com ein.",
    purpose: "Was möchten Sie?",
    export: "Eine Kopie meiner Daten",
    erasure: "Meine Daten löschen",
    submit: "Link schicken",
    mailed: "Eine Mail ist unterwegs an diese Adresse. Ihr Link gilt einen Tag.",
    tooMany: "Zu viele Versuche. Bitte versuchen Sie es später noch einmal.",
    exportTitle: "Eine Kopie Ihrer Daten",
    exportLead: "Alles, was zu dieser E-Mail-Adresse gehört, in einer Datei.",
    erasureTitle: "Ihre Daten löschen",
    erasureLead: "Alles, was zu dieser E-Mail-Adresse gehört, wird gelöscht. Das lässt sich nicht rückgängig machen.",
    erasureSubmit: "Meine Daten löschen",
    erased: "Ihre Daten werden gelöscht. Sie müssen nichts weiter tun.",
    deadTitle: "Dieser Link gilt nicht mehr",
    dead: "Er ist zu alt. Fordern Sie einen neuen an.",
  },
};
