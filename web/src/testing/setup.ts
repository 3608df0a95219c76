import { afterEach, vi } from "vitest";

// What browsers have and jsdom lacks.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
URL.createObjectURL ??= () => "blob:made";
URL.revokeObjectURL ??= () => undefined;
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
};
window.scrollTo = () => undefined;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
