#pragma once
/// Private: the blocks between streets, seen from one of their four sides.
#include "simulation/streets/placer.hpp"

namespace distillar::simulation {

/// One side of a block: `a` runs along it, counter-clockwise around the block, `b` inward.
class BlockSide {
public:
    BlockSide(const Rectangle& block, int side) : block_(block), side_(side) {}

    double length() const { return side_ % 2 == 0 ? block_.size().x() : block_.size().y(); }
    double depth() const { return side_ % 2 == 0 ? block_.size().y() : block_.size().x(); }
    Eigen::Vector2d at(double a, double b) const;
    /// Heading of the direction of `a`.
    double heading() const;
    /// Least and greatest corner of a part of the block.
    Rectangle part(double a0, double a1, double b0, double b1) const;

private:
    Rectangle block_;
    int side_;
};

void fill_built(TileWork& work, const Rectangle& block);
void fill_houses(TileWork& work, const Rectangle& block);
void fill_park(TileWork& work, const Rectangle& block);
void fill_parking_lot(TileWork& work, const Rectangle& block);
void fill_plaza(TileWork& work, const Rectangle& block);
void fill_works(TileWork& work, const Rectangle& block);

/// A building on a part of a block's side.
void build(TileWork& work, const BlockSide& side, double a0, double a1, double b0, double b1,
           const BuildingStyle& style);

/// A wall, fence or hedge from one place to another, as the dice fall.
void enclose(TileWork& work, const Eigen::Vector2d& from, const Eigen::Vector2d& to);

/// Bushes and trees strewn over a rectangle; so many on 100 square metres.
void strew(TileWork& work, const Rectangle& area, double trees, double bushes);

}  // namespace distillar::simulation
