/** The page: the app on one phone, its SMS on another, and what happens behind them. */
import { createRoot } from 'react-dom/client';
import { Page } from './page.tsx';

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<Page />);
