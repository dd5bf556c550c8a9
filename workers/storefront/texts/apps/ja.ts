/** Japanese texts about apps. Data only. */
import type { AppTexts } from "../apps.ts";

export const ja: AppTexts = {
  nav: "アプリ",
  scopes: {
    "profile:read": "お名前とメールアドレスの表示",
    "profile:write": "お名前の変更",
    "addresses:read": "登録済みの住所の表示",
    "addresses:write": "登録済みの住所の追加、変更、削除",
    "carts:write": "カートへの追加と、お客様の名義でのご注文",
    "orders:read": "ご注文と配送状況の表示",
  },
  consent: {
    title: (app) => `${app} にアカウントの利用を許可しますか？`,
    signedInAs: (email) => `${email} でログインしています。`,
    could: "許可すると、このアプリは次のことができます：",
    never: "パスワードがアプリに知られることはなく、ログイン方法を変更することもできません。",
    toSite: (host) => `続けて ${host} に移動します。`,
    toProgram: (name) => `続けて、この端末のアプリ ${name} に移動します。`,
    toThisComputer: "続けて、このコンピューター上のプログラムに移動します。ご自身で起動した直後の場合にのみ許可してください。",
    unvetted:
      "このアプリは自己登録されたもので、名称は確認されていません。ご存じのアプリから移動してきた場合にのみ許可してください。",
    allow: "許可する",
    deny: "許可しない",
    later: "アクセスは、アカウントの「アプリ」からいつでも終了できます。",
    brokenTitle: "このアプリのリンクは使用できません",
    brokenLead:
      "情報は共有されていません。アプリに戻ってもう一度お試しください。解決しない場合は、アプリの提供元に次のコードをお伝えください：",
  },
  list: {
    title: "アクセスを許可したアプリ",
    lead: "お客様に代わって操作できるアプリとエージェントです。",
    none: "アカウントにアクセスできるアプリはありません。",
    since: (date) => `${date}から`,
    lastUsed: (date) => `最終ログイン：${date}`,
    end: "アクセスを終了",
    endOne: (app) => `${app} のアクセスを終了`,
    ended: "すべての端末でアクセスを終了しました。",
  },
};
