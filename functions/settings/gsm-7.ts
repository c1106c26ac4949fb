/**
 * The GSM 7-bit default alphabet (3GPP TS 23.038, section 6.2.1) without its extension table: one septet a
 * character. A single character outside it turns the whole SMS into UCS-2, 70 characters instead of 160, and
 * the provider bills the second part.
 */
export const gsm7Pattern = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/;
