using System.Numerics;
using Fovea.Tensors;

namespace Fovea.Data.Synth;

/// <summary>Smooth noise over the plane: random heights on a 64 × 64 lattice that repeats, with smooth steps between.</summary>
/// <remarks>One lattice serves all pictures; each looks at it from an origin of its own.</remarks>
internal readonly struct Lattice(Dice dice)
{
    private const int Side = 64;
    private static readonly Vector4[] s_cells = Cells();

    // A multiple of the side that keeps coordinates positive.
    private readonly float _x = (16 * Side) + dice.Between(0, Side);
    private readonly float _y = (16 * Side) + dice.Between(0, Side);

    /// <summary>The height at a point, in [0, 1), changing over distances of about 1. Coordinates from −1000 to 10⁵.</summary>
    public float At(float x, float y)
    {
        var (u, v) = (x + _x, y + _y);
        var (column, row) = (float.ConvertToIntegerNative<int>(u), float.ConvertToIntegerNative<int>(v));
        var (s, t) = (u - column, v - row);
        s *= s * (3 - (2 * s));
        t *= t * (3 - (2 * t));
        var cell = s_cells[((row & (Side - 1)) * Side) + (column & (Side - 1))];
        var upper = cell.X + (s * (cell.Y - cell.X));
        var lower = cell.Z + (s * (cell.W - cell.Z));
        return upper + (t * (lower - upper));
    }

    /// <summary>Two octaves, the second at 2.5 times the frequency and half the height, in [0, 1).</summary>
    public float Cloud(float x, float y) => (At(x, y) * (2 / 3f)) + (At(2.5f * x, 2.5f * y) * (1 / 3f));

    // The heights at a cell's four corners: upper left, upper right, lower left, lower right.
    private static Vector4[] Cells()
    {
        var philox = new Philox(seed: 0x4C617474696365, stream: 0);
        float Height(int row, int column) => (float)philox.Uniform((ulong)(((row & (Side - 1)) * Side) + (column & (Side - 1))));
        var cells = new Vector4[Side * Side];
        for (var i = 0; i < cells.Length; i++)
        {
            var (row, column) = Math.DivRem(i, Side);
            cells[i] = new(Height(row, column), Height(row, column + 1), Height(row + 1, column), Height(row + 1, column + 1));
        }

        return cells;
    }
}
