#include "simulation/streets/lots.hpp"
#include "simulation/world.hpp"

namespace distillar::simulation {

namespace {

/// Below everything, so that no ray finds a gap between two surfaces.
void lay_base(TileWork& work) {
    const Rectangle whole{{work.map.line(1, work.tile.i) - 20, work.map.line(0, work.tile.j) - 20},
                          {work.map.line(1, work.tile.i + 1), work.map.line(0, work.tile.j + 1)}};
    work.ground.area(whole, -0.4, {Material::soil, Category::terrain, 0});
}

}  // namespace

TileContents build_tile(const City& city, const StreetMap& map, const Props& props,
                        const Tile& tile, std::uint64_t seed) {
    const Eigen::Vector3d origin =
        map.to_world({map.line(1, tile.i), map.line(0, tile.j)}).array().round();
    Mesh mesh;
    TileWork work{city,
                  map,
                  props,
                  tile,
                  origin,
                  base::Random(seed, static_cast<std::uint32_t>(tile.i),
                               static_cast<std::uint32_t>(tile.j), 0x711e),
                  mesh,
                  Ground(map, origin, mesh),
                  {},
                  first_instance(tile)};
    lay_base(work);
    lay_streets(work.ground, map, tile);
    fill_roadside(work);
    fill_block(work);
    TileContents contents{origin, std::move(work.placements)};
    Placement still;
    still.shape = std::make_shared<const Shape>(std::move(mesh));
    still.paint = first_instance(tile);
    contents.placements.push_back(std::move(still));
    return contents;
}

}  // namespace distillar::simulation
