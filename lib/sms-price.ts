/** What an SMS costs, for the cost of the day on the dashboard. */

/** Rupees per SMS on StartMessaging's shared route, by its price list; Rs 0.18 on a DLT route of one's own. */
export const smsPriceRupees = 0.25;
