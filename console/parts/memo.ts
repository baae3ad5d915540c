import { Component, type ComponentChildren, type ComponentType, h } from "preact";

/** A component that is drawn again only if one of its props is another than before. */
export function memo<P extends object>(draw: (props: P) => ComponentChildren): ComponentType<P> {
  const Drawn = draw as ComponentType<P>;
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const names = Object.keys(next) as (keyof P)[];
      return names.some((name) => next[name] !== this.props[name]);
    }
    override render() {
      return h(Drawn, this.props as P & { key?: undefined });
    }
  };
}
