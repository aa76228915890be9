-- Every turn writes its person anew. Where their page has room for that, no index has to be told of it.
ALTER TABLE "identity" SET (fillfactor = 50);
