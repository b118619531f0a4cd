/* Stands in for what WeChat's browser puts into every page: here the sheet that asks for a payment. */
(() => {
  "use strict";
  if (window.WeixinJSBridge) return;
  const ask = async (content) => {
    const answer = await fetch("{% url "standins:wechatpay:sheet" %}", { method: "POST", body: JSON.stringify(content) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const element = (name, text, className) => Object.assign(document.createElement(name), { textContent: text, className });
  window.WeixinJSBridge = {
    async invoke(name, given, then) {
      const say = (word) => then({ err_msg: `get_brand_wcpay_request:${word}` });
      let shown;
      try {
        shown = await ask(given);
      } catch {
        return say("fail");
      }
      const sheet = element("dialog", "", "sheet");
      sheet.setAttribute("aria-label", "微信支付");
      const pay = element("button", "确认支付", "btn btn-pay btn-l btn-block gap-top");
      const leave = element("button", "取消", "btn btn-l btn-block gap-top");
      const amount = (shown.amount_fen / 100).toFixed(2);
      sheet.append(element("h2", `付款给 ${shown.merchant}`, ""), element("p", `¥${amount}`, "price-l"), pay, leave);
      const close = (word) => {
        sheet.remove();
        say(word);
      };
      pay.addEventListener("click", async () => {
        pay.disabled = true;
        try {
          await ask({ ...given, decision: "pay" });
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
