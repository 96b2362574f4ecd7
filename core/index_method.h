// Kinds of indexes; what statements ask and what catalogs hold both speak of them.
#pragma once

namespace advisor::core {

enum class IndexMethod { btree, hash, brin, gin, gist, spgist };

} // namespace advisor::core
