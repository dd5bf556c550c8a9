-- Prices in yen (no decimals) for every default rate that lacks one, delivery to the United States and Japan at prices of
-- its own, and Japan's consumption tax, which listed prices contain. What an operator has set stays as it is.

UPDATE shipping_rates SET prices = json_insert(prices, '$.JPY', 780), free_above = json_insert(free_above, '$.JPY', 10000)
  WHERE id = 'uk-standard';
UPDATE shipping_rates SET prices = json_insert(prices, '$.JPY', 1580) WHERE id = 'uk-express';
UPDATE shipping_rates SET prices = json_insert(prices, '$.JPY', 1980), free_above = json_insert(free_above, '$.JPY', 30000)
  WHERE id = 'eu-standard';
UPDATE shipping_rates SET prices = json_insert(prices, '$.JPY', 3980) WHERE id = 'eu-express';
UPDATE shipping_rates SET prices = json_insert(prices, '$.JPY', 2400),
    prices_per_kilogram = json_insert(prices_per_kilogram, '$.JPY', 700),
    free_above = json_insert(free_above, '$.JPY', 100000)
  WHERE id = 'parcel';
UPDATE shipping_rates SET prices = json_insert(prices, '$.JPY', 6900) WHERE id = 'courier';

INSERT OR IGNORE INTO shipping_rates
  (id, position, name, kind, countries, prices, prices_per_kilogram, free_above, estimated_days) VALUES
  ('us-standard', 6, 'Standard delivery to the United States', 'flat', '["US"]',
   '{"GBP":1200,"EUR":1400,"USD":1500,"JPY":2400}', '{}', '{"GBP":12000,"EUR":14000,"USD":15000,"JPY":24000}', 7),
  ('us-express', 7, 'Express delivery to the United States', 'flat', '["US"]',
   '{"GBP":2500,"EUR":2900,"USD":3200,"JPY":4900}', '{}', '{}', 3),
  ('jp-standard', 8, 'Standard delivery to Japan', 'flat', '["JP"]',
   '{"GBP":1200,"EUR":1400,"USD":1500,"JPY":1800}', '{}', '{"GBP":10000,"EUR":12000,"USD":13000,"JPY":20000}', 8),
  ('jp-express', 9, 'Express delivery to Japan', 'flat', '["JP"]',
   '{"GBP":2000,"EUR":2400,"USD":2600,"JPY":3900}', '{}', '{}', 4);

INSERT OR IGNORE INTO tax_rates (country, rate_basis_points, included) VALUES ('JP', 1000, 1);
