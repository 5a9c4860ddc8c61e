#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "base/random.hpp"
#include "simulation/buildings/building.hpp"

namespace distillar::simulation {

struct Interval {
    double low = 0;
    double high = 0;
    double at(double share) const { return low + share * (high - low); }
};

/// Shares by name; need not sum to 1.
using Mix = std::map<std::string, double>;

/// One of the names, by its share. The mix holds at least one.
std::string draw(const Mix& mix, base::Random& random);

/// configs/cities/NAME.yaml: the style of one city. Lengths in metres.
struct City {
    std::string name;   ///< of the file: "a"
    std::string title;  ///< readable

    struct Blocks {
        Interval length{80, 120};  ///< between parallel streets
        double bend = 10;          ///< how far streets swing from straight lines
        double relief = 3;         ///< height of hills
        Mix kinds;                 ///< built, houses, park, parking_lot, plaza, works
    } blocks;

    struct Streets {
        double avenue_share = 0.3;  ///< two lanes a direction instead of one
        double lane_width = 3.3;
        double parking_share = 0.7;  ///< of streets that have kerbside parking
        Interval sidewalk{2, 4};
        double verge_share = 0.3;   ///< of streets with a strip of grass behind the curb
        double signal_share = 0.5;  ///< of crossings with traffic lights; the others have signs
    } streets;

    BuildingStyle buildings;
    Interval frontage{12, 24};  ///< width of a building
    Interval setback{0, 2};     ///< from the sidewalk
    double gap_share = 0.1;     ///< of lots left open

    struct Plants {
        double street_trees = 0.5;  ///< chance at every place for one, each 9 m
        double garden_trees = 0.5;
        double hedges = 0.3;  ///< of what divides lots; the rest are walls and fences
        double thickets = 0;  ///< of rims of lots, parks and verges: rows of shrubs left to grow
        Mix kinds;            ///< broadleaf, columnar, conifer, palm, bare
    } plants;

    struct Traffic {
        double per_lane = 1.5;  ///< vehicles on 100 m of lane
        double parked = 0.6;    ///< of kerbside bays taken
        double speed = 9;       ///< metres a second
        double car_size = 1;    ///< factor: how large cars are here
        double people = 3;      ///< on 100 m of sidewalk
        Mix vehicles;           ///< by VehicleKind's names
    } traffic;
};

/// @param name  of a file in configs/cities, or the path of any other file that ends in .yaml.
/// @throws base::Error for an unknown name with the nearest one.
std::filesystem::path city_file(const std::string& name);
/// @throws base::Error with file, line and key.
City load_city(const std::string& name);

}  // namespace distillar::simulation
