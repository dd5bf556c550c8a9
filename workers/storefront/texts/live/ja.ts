/** Japanese texts that islands show. Data only. */
import type { LiveTexts } from "../live.ts";

export const ja: LiveTexts = {
  stock: {
    in: "在庫あり",
    low: "残り{n}点",
    backorder: "お取り寄せ（後日発送）",
    out: "売り切れ",
    short: "残り{n}点です（カート内：{wanted}点）",
  },
  suggestions: {
    label: "検索候補",
    count: "検索候補：{n}件",
    none: "検索候補はありません",
    category: "カテゴリー",
  },
  hold: {
    running: "あと{time}、商品をお取り置きしています",
    minutes: "商品のお取り置きはあと{n}分です",
    over: "お取り置きの時間が過ぎました。お支払いは発生していません。カートを確認して、もう一度お支払いください。",
  },
  failed: "送信できませんでした。接続を確認して、もう一度お試しください。",
  drawer: {
    title: "カート",
    empty: "カートは空です。",
    close: "閉じる",
    quantity: "数量：{n}",
    remove: "削除",
    removeOne: "{title}を削除",
    subtotal: "小計",
    later: "送料はご購入手続きで加算されます。",
    view: "カートを見る",
    checkout: "ご購入手続きへ",
  },
};
