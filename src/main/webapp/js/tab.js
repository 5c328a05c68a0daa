/* What the browser's tab tells while another one is looked at: how many gates wait, in its title and by its icon. */
import { element } from './page.js';

const WAITING = encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="#b35900"/>' +
    '<path d="M8 3v6M8 11v2" stroke="#fff" stroke-width="2"/></svg>',
);

export class Tab {
  constructor() {
    this.title = document.title;
    this.icon = element('link', { rel: 'icon', type: 'image/svg+xml', href: `data:image/svg+xml,${WAITING}` });
    this.icons = [];
  }

  /** @param count how many gates wait; none: the title and the icon are those of the page */
  show(count) {
    document.title = count === 0 ? this.title : `(${count}) ${this.title}`;
    if (count > 0 && !this.icon.isConnected) {
      this.icons = [...document.head.querySelectorAll("link[rel~='icon']")];
      this.icons.forEach((icon) => icon.remove());
      document.head.append(this.icon);
    } else if (count === 0 && this.icon.isConnected) {
      this.icon.replaceWith(...this.icons);
    }
  }
}
