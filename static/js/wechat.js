/* Inside WeChat alone, after the page is there: what the card shows when this page is shared, or what the page may open. */
(() => {
  "use strict";
  const own = document.currentScript;
  const said = (name) => document.querySelector(`meta[property="og:${name}"]`)?.content || "";
  const share = async () => {
    const address = location.href.split("#")[0];
    const answer = await fetch(`${own.dataset.signature}?url=${encodeURIComponent(address)}`);
    if (!answer.ok || !window.wx) return;
    if (document.querySelector("[data-sheet]")) {
      /* The sheet itself is opened by a tap (`mall.js`); here the page is allowed to. */
      wx.config({ ...(await answer.json()), debug: false, jsApiList: ["requestMerchantTransfer"] });
      return;
    }
    const card = { title: said("title"), desc: said("description"), link: document.documentElement.dataset.share, imgUrl: said("image") };
    const jsApiList = ["updateAppMessageShareData", "updateTimelineShareData"];
    wx.config({ ...(await answer.json()), debug: false, jsApiList });
    wx.ready(() => {
      for (const name of jsApiList) wx[name](card);
    });
  };
  addEventListener("load", () => {
    const script = document.createElement("script");
    script.src = own.dataset.sdk;
    script.onload = () => share().catch(() => {});
    document.head.append(script);
  });
})();
