"""recommend.py on Apache Spark, for orders that outgrow a machine; README.md says what is equal and what is near."""
