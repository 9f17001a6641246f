namespace Fovea.Data.Synth;

/// <summary>How a camera sees a flat sign: the map from the picture back to the sign's own plane, whose unit is the sign's radius.</summary>
internal readonly struct View
{
    private readonly double _ux, _uy, _u1, _vx, _vy, _v1, _wx, _wy, _w1;
    private readonly float _pixels;

    private View(double centerX, double centerY, double radius, double distance, ReadOnlySpan<double> r)
    {
        // Forward: (u, v) ↦ rotated (X, Y, Z) ↦ centre + radius · distance · (X, Y) / (distance + Z), as the 3 × 3 matrix [a b c; d e f; g h 1].
        var scale = radius;
        var (g, h) = (r[4] / distance, r[5] / distance);
        var (a, b) = ((scale * r[0]) + (centerX * g), (scale * r[1]) + (centerX * h));
        var (d, e) = ((scale * r[2]) + (centerY * g), (scale * r[3]) + (centerY * h));
        var (c, f) = (centerX, centerY);
        (_ux, _uy, _u1) = (e - (f * h), (c * h) - b, (b * f) - (c * e));
        (_vx, _vy, _v1) = ((f * g) - d, a - (c * g), (c * d) - (a * f));
        (_wx, _wy, _w1) = ((d * h) - (e * g), (b * g) - (a * h), (a * e) - (b * d));
        // The inverse up to a factor; made 1 in the middle, it keeps single precision good enough. Areas shrink by det / w³.
        var w = (_wx * c) + (_wy * f) + _w1;
        (_ux, _uy, _u1, _vx, _vy, _v1) = (_ux / w, _uy / w, _u1 / w, _vx / w, _vy / w, _v1 / w);
        (_wx, _wy, _w1) = (_wx / w, _wy / w, _w1 / w);
        _pixels = (float)(1 / Math.Sqrt(Math.Abs(Determinant())));
    }

    /// <summary>The view of a sign turned by angles in radians (roll in the picture, yaw and pitch out of it), seen from some radii away.</summary>
    public static View Of(double centerX, double centerY, double radius, double roll, double yaw, double pitch, double distance)
    {
        var (sr, cr) = (ExactMath.Sin(roll), ExactMath.Cos(roll));
        var (sy, cy) = (ExactMath.Sin(yaw), ExactMath.Cos(yaw));
        var (sp, cp) = (ExactMath.Sin(pitch), ExactMath.Cos(pitch));
        // The first two columns of Ry(yaw) · Rx(pitch) · Rz(roll): the images of u and v.
        var (x0, x1) = ((cy * cr) + (sy * sp * sr), (-cy * sr) + (sy * sp * cr));
        var (y0, y1) = (cp * sr, cp * cr);
        var (z0, z1) = ((-sy * cr) + (cy * sp * sr), (sy * sr) + (cy * sp * cr));
        return new(centerX, centerY, radius, distance, [x0, x1, y0, y1, z0, z1]);
    }

    private double Determinant() =>
        (_ux * ((_vy * _w1) - (_v1 * _wy))) - (_uy * ((_vx * _w1) - (_v1 * _wx))) + (_u1 * ((_vx * _wy) - (_vy * _wx)));

    /// <summary>One row of the picture in this view.</summary>
    public Line Row(double y) => new(this, y);

    /// <summary>A row of the picture, for points one after the other.</summary>
    internal readonly struct Line(View view, double y)
    {
        private readonly float _ux = (float)view._ux, _vx = (float)view._vx, _wx = (float)view._wx;
        private readonly float _u = (float)((view._uy * y) + view._u1);
        private readonly float _v = (float)((view._vy * y) + view._v1);
        private readonly float _w = (float)((view._wy * y) + view._w1);

        /// <summary>The point of the sign's plane under a point of the row, and how many pixels go into a unit there.</summary>
        public (float U, float V, float Pixels) At(float x)
        {
            // Beyond the plane's horizon w is negative; such points count as far away.
            var w = float.MaxNative(0.05f, _w + (_wx * x));
            var scale = 1 / w;
            return ((_u + (_ux * x)) * scale, (_v + (_vx * x)) * scale, view._pixels * w * MathF.Sqrt(w));
        }
    }
}
