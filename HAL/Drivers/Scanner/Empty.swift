// The first file of this folder takes this one's place.
