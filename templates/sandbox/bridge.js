/* Stands in for what WeChat's browser puts into every page: here the sheets for a payment and for a transfer. */
(() => {
  "use strict";
  if (window.WeixinJSBridge) return;
  const sheets = {
    getBrandWCPayRequest: { url: "{% url "standins:wechatpay:sheet" %}", says: "get_brand_wcpay_request", decision: "pay", title: "付款给 ", press: "确认支付" },
    requestMerchantTransfer: { url: "{% url "standins:wechatpay:transfer_sheet" %}", says: "requestMerchantTransfer", decision: "confirm", title: "收款，来自 ", press: "确认收款" },
  };
  const ask = async (url, content) => {
    const answer = await fetch(url, { method: "POST", body: JSON.stringify(content) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const element = (name, text, className) => Object.assign(document.createElement(name), { textContent: text, className });
  window.WeixinJSBridge = {
    async invoke(name, given, then) {
      const kind = sheets[name];
      const say = (word) => then({ err_msg: `${kind.says}:${word}` });
      let shown;
      try {
        shown = await ask(kind.url, given);
      } catch {
        return say("fail");
      }
      const sheet = element("dialog", "", "sheet");
      sheet.setAttribute("aria-label", "微信支付");
      const pay = element("button", kind.press, "btn btn-pay btn-l btn-block gap-top");
      const leave = element("button", "取消", "btn btn-l btn-block gap-top");
      const amount = (shown.amount_fen / 100).toFixed(2);
      sheet.append(element("h2", `${kind.title}${shown.merchant}`, ""), element("p", `¥${amount}`, "price-l"), pay, leave);
      const close = (word) => {
        sheet.remove();
        say(word);
      };
      pay.addEventListener("click", async () => {
        pay.disabled = true;
        try {
          await ask(kind.url, { ...given, decision: kind.decision });
          close("ok");
        } catch {
          close("fail");
        }
      });
      leave.addEventListener("click", () => close("cancel"));
      document.body.append(sheet);
      sheet.showModal();
    },
  };
  document.dispatchEvent(new Event("WeixinJSBridgeReady"));
})();
