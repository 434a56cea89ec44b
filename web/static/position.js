// Coordinates by where the phone is, or by a pair copied from a map. Without JavaScript they are typed.
(() => {
  "use strict";

  const comma = document.documentElement.lang === "cs";
  const written = (degrees) => (comma ? degrees.toFixed(6).replace(".", ",") : degrees.toFixed(6));
  const fields = (place) => [place.dataset.lat, place.dataset.lon].map((id) => document.getElementById(id));
  const put = (place, numbers) => fields(place).forEach((field, at) => {
    field.value = written(numbers[at]);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // "50.5611N, 15.9127E", "50,5611 15,9127", "50.5611, 15.9127": two numbers with decimals.
  const pair = (text) => {
    const found = text.match(/\d{1,3}[.,]\d{2,}/g);
    return found && found.length === 2 ? found.map((one) => Number(one.replace(",", "."))) : null;
  };

  const ask = (place) => {
    const status = place.querySelector("[role=status]");
    status.textContent = place.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { put(place, [coords.latitude, coords.longitude]); status.textContent = place.dataset.done; },
      () => { status.textContent = place.dataset.refused; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  };

  const offer = () => {
    if (!navigator.geolocation || !window.isSecureContext) return;
    document.querySelectorAll("p.here[hidden]").forEach((place) => { place.hidden = false; });
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("p.here button");
    if (button) ask(button.parentElement);
  });
  document.addEventListener("paste", (event) => {
    const place = [...document.querySelectorAll("p.here")].find((one) => fields(one).includes(event.target));
    const numbers = place && pair(event.clipboardData.getData("text"));
    if (!numbers) return;
    event.preventDefault();
    put(place, numbers);
  });
  document.addEventListener("DOMContentLoaded", offer);
  document.addEventListener("htmx:after:swap", offer);
})();
