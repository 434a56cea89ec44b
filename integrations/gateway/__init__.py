"""Payment gateways: a payment begun, asked about, returned. What a gateway tells by itself is only a hint to ask."""
