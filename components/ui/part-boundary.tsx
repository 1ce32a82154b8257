'use client';

import { Component, type ReactNode } from 'react';

type PartBoundaryProps = {
  /** Changes when the part has new data, which renders it again. */
  readonly data: unknown;
  /** Shown in place of a part that failed to render. */
  readonly instead: ReactNode;
  readonly children: ReactNode;
};

type PartBoundaryState = { readonly hasFailed: boolean };

/** Contains an error in one part of a page: the rest stays usable. React logs the error. */
export class PartBoundary extends Component<PartBoundaryProps, PartBoundaryState> {
  override state: PartBoundaryState = { hasFailed: false };

  static getDerivedStateFromError(): PartBoundaryState {
    return { hasFailed: true };
  }

  override componentDidUpdate({ data }: PartBoundaryProps): void {
    if (this.state.hasFailed && data !== this.props.data) this.setState({ hasFailed: false });
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}
