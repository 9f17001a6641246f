using System.Numerics;

namespace Fovea.Data.Synth;

/// <summary>Signed distances to a figure's edge, worked out once on a grid and interpolated.</summary>
/// <remarks>The grid goes from −<paramref name="reach"/> to <paramref name="reach"/> along both axes.</remarks>
internal sealed class DistanceField(float reach, Func<float, float, float> distance)
{
    private const int Side = 96;

    private readonly Vector4[] _cells = Sample(reach, distance);
    private readonly float _scale = Side / (2 * reach);

    /// <summary>The distance at a point, negative inside; beyond the grid, that of its border.</summary>
    public float At(float x, float y)
    {
        var u = float.MaxNative(0, float.MinNative(Side - 0.001f, (x + reach) * _scale));
        var v = float.MaxNative(0, float.MinNative(Side - 0.001f, (y + reach) * _scale));
        var (column, row) = (float.ConvertToIntegerNative<int>(u), float.ConvertToIntegerNative<int>(v));
        var (s, t) = (u - column, v - row);
        var cell = _cells[(row * Side) + column];
        var upper = cell.X + (s * (cell.Y - cell.X));
        var lower = cell.Z + (s * (cell.W - cell.Z));
        return upper + (t * (lower - upper));
    }

    // The distances at a cell's four corners: upper left, upper right, lower left, lower right.
    private static Vector4[] Sample(float reach, Func<float, float, float> distance)
    {
        var step = 2 * reach / Side;
        var heights = new float[Side + 1, Side + 1];
        for (var row = 0; row <= Side; row++)
            for (var column = 0; column <= Side; column++) heights[row, column] = distance((column * step) - reach, (row * step) - reach);

        var cells = new Vector4[Side * Side];
        for (var i = 0; i < cells.Length; i++)
        {
            var (row, column) = Math.DivRem(i, Side);
            cells[i] = new(heights[row, column], heights[row, column + 1], heights[row + 1, column], heights[row + 1, column + 1]);
        }

        return cells;
    }
}
